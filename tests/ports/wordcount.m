function [words, counts] = wordcount(txt)
% distinct words in alphabetical order, and how often each occurs
txt = lower(txt);
txt(~isletter(txt)) = ' ';
parts = strsplit(strtrim(txt), ' ');
parts(cellfun('isempty', parts)) = [];
[words, ~, j] = unique(parts);
counts = accumarray(j(:), 1);
end
