/// Runs: the order of the stages, their folders and manifests, resume, cancellation, progress and metrics. The
/// only package with threads.
///
/// A run is a folder. Each [dev.wellspring.run.Stage] writes its results there under their final names only when
/// they are whole, and leaves partial state beside them; started again, it goes on from there and ends with the
/// same bytes.
@NullMarked
package dev.wellspring.run;

import org.jspecify.annotations.NullMarked;
