function out = flatten_cell(c)
% all leaves of nested cells, in one row
out = {};
for k = 1:numel(c)
    if iscell(c{k})
        out = [out flatten_cell(c{k})];
    else
        out{end+1} = c{k};
    end
end
