function s = parsekv(line)
% 'a=1; b=two' -> struct with numbers where they are numbers
s = struct();
fields = regexp(line, ';', 'split');
for k = 1:numel(fields)
	kv = regexp(fields{k}, '=', 'split');
	if numel(kv) ~= 2, continue; end
	name = strtrim(kv{1});
	value = strtrim(kv{2});
	number = str2double(value);
	if isnan(number)
		s.(name) = value;
	else
		s.(name) = number;
	end
end
