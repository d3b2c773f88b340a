package dev.wellspring.run;

import dev.wellspring.model.LinearModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The sums that several passes left on disk, one pass in memory at a time.
///
/// @param <A> the accumulator of one pass
final class PassedSums<A extends AutoCloseable> implements AutoCloseable {
    /// Reads the sums of one pass.
    @FunctionalInterface
    interface Restore<A> {
        void into(A accumulator, int pass) throws IOException;
    }

    private final List<List<LinearModule>> passes;
    private final Function<List<LinearModule>, A> create;
    private final Restore<A> restore;
    private @Nullable A open;
    private int openPass = -1;

    PassedSums(List<List<LinearModule>> passes, Function<List<LinearModule>, A> create, Restore<A> restore) {
        this.passes = passes;
        this.create = create;
        this.restore = restore;
    }

    /// The accumulator that holds a module.
    A of(LinearModule module) {
        int pass = 0;
        while (!passes.get(pass).contains(module)) {
            pass++;
        }
        if (open == null || pass != openPass) {
            close();
            A restored = create.apply(passes.get(pass));
            open = restored;
            openPass = pass;
            try {
                restore.into(restored, pass);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure.getMessage(), failure);
            }
        }
        return open;
    }

    @Override
    public void close() {
        A closing = open;
        if (closing != null) {
            open = null;
            try {
                closing.close();
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception impossible) {
                throw new IllegalStateException("accumulator: closing failed: " + impossible.getMessage(), impossible);
            }
        }
    }
}
