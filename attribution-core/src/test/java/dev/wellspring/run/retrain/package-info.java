/// Tests of retraining without some documents.
@NullMarked
package dev.wellspring.run.retrain;

import org.jspecify.annotations.NullMarked;
