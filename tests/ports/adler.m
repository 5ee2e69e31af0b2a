function [code, a, b] = adler(bytes)
% Adler-32 checksum
a = uint32(1); b = uint32(0);
for k = 1:numel(bytes)
    a = mod(a + uint32(bytes(k)), 65521);
    b = mod(b + a, 65521);
end
code = bitor(bitshift(b, 16), a);
