function [u, v] = uv(speed, direction)
% wind components from speed and the direction the wind comes from (°)
u = -speed .* sin(direction * pi/180);
v = -speed .* cos(direction * pi/180);
