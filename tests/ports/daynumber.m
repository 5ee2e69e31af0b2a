function [days, leap] = daynumber(y, m, d)
% day of the year, and whether the year is a leap year
leap = (rem(y,4) == 0 & rem(y,100) ~= 0) | rem(y,400) == 0;
before = cumsum([0 31 28 31 30 31 30 31 31 30 31 30]);
days = reshape(before(m), size(m)) + d + (leap & m > 2);
