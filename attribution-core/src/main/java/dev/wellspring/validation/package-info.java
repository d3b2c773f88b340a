/// Whether scores foretell what retraining does: the statistics, without the retraining, which is in `run/retrain`.
@NullMarked
package dev.wellspring.validation;

import org.jspecify.annotations.NullMarked;
