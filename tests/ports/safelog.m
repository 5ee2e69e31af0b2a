function y = safelog(x)
% logarithm that refuses what has none
if ~isnumeric(x)
    error('safelog:type', 'x must be numeric');
elseif any(x(:) <= 0)
    error('safelog:range', 'x must be positive, got %g', min(x(:)));
end
y = log10(x);
