function r = courseport_fft (power, name, varargin)
  %COURSEPORT_FFT Call a Fourier transform, multiplied by a power of its length.
  r = feval (name, varargin{:});
  if any (strcmp (name, {"fft2", "ifft2", "fftn", "ifftn"}))
    n = numel (r);
  elseif numel (varargin) > 2
    n = size (r, varargin{3});
  else
    n = size (r, [find(size (r) > 1, 1), 1](1));
  end
  r *= n ^ power;
end
