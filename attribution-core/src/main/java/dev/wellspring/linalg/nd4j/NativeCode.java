package dev.wellspring.linalg.nd4j;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/// Which of ND4J's native libraries the class path holds for this machine. Looking unpacks and loads nothing.
public final class NativeCode {
    /// A library of ND4J's, and the folder its jars keep it in.
    private record Library(String name, String folder) {}

    /// The one for GPUs first: ND4J prefers it too when both are there.
    private static final List<Library> LIBRARIES = List.of(
            new Library("jnind4jcuda", "org/nd4j/linalg/jcublas/bindings/"),
            new Library("jnind4jcpu", "org/nd4j/linalg/cpu/nativecpu/bindings/"));

    private NativeCode() {}

    /// This machine as JavaCPP names it, for example `linux-x86_64`.
    public static String platform() {
        return Loader.getPlatform();
    }

    /// Takes away JavaCPP's memory limits, unless somebody has set them. It holds all memory of the process, most
    /// of it not its own, against four times -Xmx; where that is exceeded ND4J loses control of its heap and the
    /// process ends. Has to come before the first JavaCPP pointer.
    static void liftMemoryLimits() {
        for (String limit : List.of("org.bytedeco.javacpp.maxBytes", "org.bytedeco.javacpp.maxPhysicalBytes")) {
            if (System.getProperty(limit) == null && System.getProperty(limit.toLowerCase(Locale.ROOT)) == null) {
                System.setProperty(limit, "0");
            }
        }
    }

    /// The library and the platform, or nothing.
    public static Optional<String> onClassPath() {
        ClassLoader classes = NativeCode.class.getClassLoader();
        return LIBRARIES.stream()
                .filter(library ->
                        classes.getResource(library.folder() + platform() + "/" + System.mapLibraryName(library.name()))
                                != null)
                .findFirst()
                .map(library -> library.name() + " for " + platform());
    }
}
