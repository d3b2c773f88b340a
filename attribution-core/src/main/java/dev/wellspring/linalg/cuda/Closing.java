package dev.wellspring.linalg.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/// What has been opened so far, closed in reverse order unless it is kept.
final class Closing implements AutoCloseable {
    private final Deque<Runnable> steps = new ArrayDeque<>();

    void add(Runnable step) {
        steps.push(step);
    }

    /// Opening succeeded: nothing is closed now.
    ///
    /// @return the steps, for whoever closes them later
    Closing keep() {
        var later = new Closing();
        later.steps.addAll(steps);
        steps.clear();
        return later;
    }

    /// All steps are taken, whatever fails on the way; the first failure is thrown in the end.
    @Override
    public void close() {
        RuntimeException first = null;
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
