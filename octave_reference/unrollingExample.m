function [thetaVec, Theta1, Theta2, Theta3] = unrollingExample()
%UNROLLINGEXAMPLE  The lecture's example: matrices of 1s, 2s and 3s, unrolled.
%   [thetaVec, Theta1, Theta2, Theta3] = UNROLLINGEXAMPLE() gives the 231 x 1
%   vector, and the matrices as reshape takes them back out of it. A network
%   with 10 inputs, two hidden layers of 10 units and one output unit.

  Theta1 = ones(10, 11);
  Theta2 = 2 * ones(10, 11);
  Theta3 = 3 * ones(1, 11);

  thetaVec = [Theta1(:); Theta2(:); Theta3(:)];

  Theta1 = reshape(thetaVec(1:110), 10, 11);
  Theta2 = reshape(thetaVec(111:220), 10, 11);
  Theta3 = reshape(thetaVec(221:231), 1, 11);

end

%!test
%! [thetaVec, Theta1, Theta2, Theta3] = unrollingExample ();
%! assert (size (thetaVec), [231 1]);
%! assert (thetaVec([1 110 111 220 221 231])', [1 1 2 2 3 3]);
%! assert (sum (thetaVec), 110 + 220 + 33);
%! assert (Theta1, ones (10, 11));
%! assert (Theta2, 2 * ones (10, 11));
%! assert (Theta3, 3 * ones (1, 11));
%!test % the general functions do the same
%! [thetaVec, Theta1, Theta2, Theta3] = unrollingExample ();
%! assert (unroll (Theta1, Theta2, Theta3), thetaVec);
%! assert (reshapeThetas (thetaVec, [10 10 10 1]), {Theta1, Theta2, Theta3});
%!error <called with too many inputs> unrollingExample (1)
