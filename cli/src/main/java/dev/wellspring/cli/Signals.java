package dev.wellspring.cli;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/// SIGINT and SIGTERM. The JDK's only way to hear them and live on is `sun.misc.Signal`, which compilers warn
/// about without a way to say "I know"; hence reflection.
final class Signals implements AutoCloseable {
    private static final int KILLED_BY = 128;

    /// What handled each `sun.misc.Signal` before.
    private final Map<Object, Object> before = new LinkedHashMap<>();

    private Signals() {}

    /// Calls `heard` with the exit status that a process killed by the signal has, until this is closed.
    static Signals listen(IntConsumer heard) {
        var signals = new Signals();
        signals.handle("INT", KILLED_BY + 2, heard);
        signals.handle("TERM", KILLED_BY + 15, heard);
        return signals;
    }

    @Override
    public void close() {
        before.forEach(Signals::install);
        before.clear();
    }

    private void handle(String name, int status, IntConsumer heard) {
        Object handler = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {find("sun.misc.SignalHandler")}, (_, _, _) -> {
                    heard.accept(status);
                    return null;
                });
        try {
            Object signal = find("sun.misc.Signal").getConstructor(String.class).newInstance(name);
            before.put(signal, install(signal, handler));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + ": cannot listen to it", e);
        }
    }

    /// Returns the handler that was there.
    private static Object install(Object signal, Object handler) {
        try {
            return find("sun.misc.Signal")
                    .getMethod("handle", find("sun.misc.Signal"), find("sun.misc.SignalHandler"))
                    .invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(signal + ": cannot set what handles it", e);
        }
    }

    private static Class<?> find(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + ": expected in this JDK's module jdk.unsupported", e);
        }
    }
}
