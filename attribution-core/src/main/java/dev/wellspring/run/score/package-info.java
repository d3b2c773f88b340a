/// `score`, stage by stage: query gradients, then one pass over the documents. Begin with
/// [dev.wellspring.run.score.ScoreRun].
@NullMarked
package dev.wellspring.run.score;

import org.jspecify.annotations.NullMarked;
