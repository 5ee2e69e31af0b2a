function dens = sw_dens0(S,T)
% SW_DENS0   Density of sea water at atmospheric pressure (UNESCO 1983)
if nargin ~= 2
  error('sw_dens0.m: Must pass 2 parameters')
end
[mS,nS] = size(S); [mT,nT] = size(T);
if mS~=mT || nS~=nT
  error('sw_dens0.m: S and T must have the same dimensions')
end
a0 = 999.842594; a1 = 6.793952e-2; a2 = -9.095290e-3;
a3 = 1.001685e-4; a4 = -1.120083e-6; a5 = 6.536332e-9;
smow = a0 + (a1 + (a2 + (a3 + (a4 + a5*T).*T).*T).*T).*T;
b = 8.24493e-1 + (-4.0899e-3 + (7.6438e-5 + (-8.2467e-7 + 5.3875e-9*T).*T).*T).*T;
c = -5.72466e-3 + (1.0227e-4 - 1.6546e-6*T).*T;
dens = smow + b.*S + c.*S.*sqrt(S) + 4.8314e-4*S.^2;
