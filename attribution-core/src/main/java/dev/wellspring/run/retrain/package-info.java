/// Retraining without some documents, to see what scores foretold: a folder of checkpoints that is kept and used again.
@NullMarked
package dev.wellspring.run.retrain;

import org.jspecify.annotations.NullMarked;
