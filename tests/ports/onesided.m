function [f, amp] = onesided(x, fs)
% one-sided amplitude spectrum
n = length(x);
X = fft(x)/n;
m = floor(n/2) + 1;
amp = abs(X(1:m));
amp(2:end-1) = 2*amp(2:end-1);
if mod(n,2) == 1
  amp(end) = 2*amp(end);
end
f = fs*(0:m-1)/n;
