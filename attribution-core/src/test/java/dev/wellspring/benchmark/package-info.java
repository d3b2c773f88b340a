/// Whole runs on a machine, timed: cases of known shapes with random weights, the machine's own rates, and the table
/// that sets the stages of a run beside them. `docs/performance/gpu` starts these.
@NullMarked
package dev.wellspring.benchmark;

import org.jspecify.annotations.NullMarked;
