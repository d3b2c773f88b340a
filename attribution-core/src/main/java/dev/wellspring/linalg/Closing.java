package dev.wellspring.linalg;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What was opened one after the other, closed in reverse order, all of it whatever fails on the way: the
/// first failure is thrown with the others suppressed in it, and none hides what was thrown before.
///
/// ```java
/// try (var opened = new Closing()) {
///     QueryBlock block = opened.add(QueryBlock.load(…));
/// }
/// ```
public final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /// Closes `resource` too, in the end.
    ///
    /// @return `resource`
    public <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /// Opening succeeded: nothing is closed now.
    ///
    /// @return the same resources, for whoever closes them later
    public Closing keep() {
        var later = new Closing();
        later.opened.addAll(opened);
        opened.clear();
        return later;
    }

    @Override
    public void close() {
        RuntimeException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (RuntimeException failure) {
                first = collected(first, failure);
            } catch (Exception failure) {
                first = collected(first, new IllegalStateException(failure.getMessage(), failure));
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static RuntimeException collected(@Nullable RuntimeException first, RuntimeException failure) {
        if (first == null) {
            return failure;
        }
        first.addSuppressed(failure);
        return first;
    }
}
