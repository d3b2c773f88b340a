/// Running: what a long job needs besides the method. Threads, progress, metrics and cancellation live here and
/// nowhere else in the core; the stages that use them read like the steps of the paper.
@NullMarked
package dev.wellspring.run;

import org.jspecify.annotations.NullMarked;
