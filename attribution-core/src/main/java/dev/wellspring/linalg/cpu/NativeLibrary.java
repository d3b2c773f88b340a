package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.foreign.CacheFolder;
import dev.wellspring.linalg.foreign.NativeFunctions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A shared library that lies as a resource in a jar, with those it needs. It is unpacked once, into a folder of the
/// user's that is named after its contents, and then opened from there.
///
/// The folder lies in `native` of the [CacheFolder].
///
/// @param name for people, and the first part of the folder's name
/// @param resources the folder in the jars
/// @param files the library itself first; of the others, those that the jar holds are unpacked beside it
record NativeLibrary(String name, String resources, List<String> files) {
    /// This machine as the jars' folders name it, for example `linux-x86_64`.
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String family = system.startsWith("mac") ? "macosx" : system.startsWith("windows") ? "windows" : "linux";
        String processor = System.getProperty("os.arch");
        return family
                + switch (processor) {
                    case "amd64", "x86_64" -> "-x86_64";
                    case "aarch64" -> "-arm64";
                    default -> "-" + processor;
                };
    }

    /// Whether the class path holds the library for this machine. Costs no more than a look.
    boolean isOnClassPath() {
        return resource(files.getFirst()) != null;
    }

    /// The functions of the opened library.
    ///
    /// @throws UnsatisfiedLinkError as [#open] does
    NativeFunctions functions() {
        return new NativeFunctions(name, open());
    }

    /// The library's symbols, for as long as the process lives.
    ///
    /// @throws UnsatisfiedLinkError when it is not there, cannot be unpacked, or does not load
    SymbolLookup open() {
        URL library = resource(files.getFirst());
        if (library == null) {
            throw new UnsatisfiedLinkError(name + ": not on the class path for " + platform());
        }
        try {
            Path folder = Files.createDirectories(CacheFolder.of("native").resolve(name + "-" + fingerprint(library)));
            for (String file : files) {
                unpack(file, folder.resolve(file));
            }
            return SymbolLookup.libraryLookup(folder.resolve(files.getFirst()), Arena.global());
        } catch (IOException failure) {
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError(name + ": " + failure.getMessage()
                            + "; set WELLSPRING_CACHE to a folder" + " that can be written")
                    .initCause(failure);
        } catch (IllegalArgumentException failure) {
            throw (UnsatisfiedLinkError)
                    new UnsatisfiedLinkError(name + ": " + failure.getMessage()).initCause(failure);
        }
    }

    private @Nullable URL resource(String file) {
        return NativeLibrary.class.getResource(resources + "/" + platform() + "/" + file);
    }

    /// The checksum that the jar keeps of the library, so that another version gets another folder.
    private static String fingerprint(URL library) throws IOException {
        URLConnection connection = library.openConnection();
        long number = connection instanceof JarURLConnection jar
                ? jar.getJarEntry().getCrc()
                : connection.getContentLengthLong();
        return Long.toHexString(number);
    }

    private void unpack(String file, Path target) throws IOException {
        URL source = resource(file);
        if (source == null || (Files.exists(target) && Files.size(target) == size(source))) {
            return;
        }
        CacheFolder.write(target, part -> {
            try (InputStream bytes = source.openStream()) {
                Files.copy(bytes, part, StandardCopyOption.REPLACE_EXISTING);
            }
        });
    }

    private static long size(URL source) throws IOException {
        return source.openConnection().getContentLengthLong();
    }
}
