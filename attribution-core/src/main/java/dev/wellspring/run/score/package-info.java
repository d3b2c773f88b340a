/// `score`, stage by stage: query gradients, one pass over the documents, BM25 scores beside them. Begin with
/// [dev.wellspring.run.score.ScoreRun].
@NullMarked
package dev.wellspring.run.score;

import org.jspecify.annotations.NullMarked;
