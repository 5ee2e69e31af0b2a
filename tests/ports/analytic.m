function [z, env] = analytic(x)
% analytic signal by the FFT; the columns of x are signals
n = size(x, 1);
h = zeros(n, 1);
h(1) = 1;
h(2:ceil(n/2)) = 2;
if rem(n, 2) == 0
  h(n/2+1) = 1;
end
z = ifft(fft(x) .* repmat(h, 1, size(x, 2)));
env = abs(z);
