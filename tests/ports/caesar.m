function out = caesar(msg, key)
% shift the letters of a message by key places
out = msg;
up = msg >= 'A' & msg <= 'Z';
lo = msg >= 'a' & msg <= 'z';
out(up) = char(mod(msg(up) - 'A' + key, 26) + 'A');
out(lo) = char(mod(msg(lo) - 'a' + key, 26) + 'a');
