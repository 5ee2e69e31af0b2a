function out = lighten(img, offset)
% add an offset to an 8-bit image; what is too bright stays white
out = uint8(img) + offset;
out = out * 1.25;
