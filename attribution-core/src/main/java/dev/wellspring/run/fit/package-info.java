/// `fit`, stage by stage: coverage, covariances, eigenbases, Λ. Begin with [dev.wellspring.run.fit.FitRun].
@NullMarked
package dev.wellspring.run.fit;

import org.jspecify.annotations.NullMarked;
