function out = summarize(records)
% means by group of a struct array with fields group and value
names = unique({records.group});
for k = 1:numel(names)
    pick = strcmp({records.group}, names{k});
    v = [records(pick).value];
    out(k).group = names{k};
    out(k).n = numel(v);
    out(k).mean = mean(v);
    out(k).range = [min(v) max(v)];
end
