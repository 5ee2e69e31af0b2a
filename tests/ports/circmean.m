function m = circmean(deg)
% mean direction in degrees, 0 <= m < 360
z = mean(exp(1i*deg*pi/180));
m = mod(angle(z)*180/pi, 360);
