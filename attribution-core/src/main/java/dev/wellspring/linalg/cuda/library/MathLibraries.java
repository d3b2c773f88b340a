package dev.wellspring.linalg.cuda.library;

import java.util.List;
import java.util.stream.IntStream;

/// cuBLAS, cuSOLVER and NVRTC of one release of CUDA, 12 or 13, that the driver serves.
public record MathLibraries(Cublas cublas, Cusolver cusolver, Nvrtc nvrtc) {
    private static final int OLDEST = 12;
    private static final int NEWEST = 13;

    /// @param driverVersion the newest CUDA that the driver serves: 12080 for 12.8
    /// @throws UnavailableException when one is missing
    /// @throws UnsatisfiedLinkError when one lacks a function
    public static MathLibraries open(LibraryLoader loader, int driverVersion) {
        int driver = driverVersion / 1000;
        List<Integer> served = releases(Math.min(driver, NEWEST));
        LibraryLoader.Found cublas = cublas(loader, served, driver);
        int release = cublas.version();
        return new MathLibraries(
                Cublas.of(cublas.functions()), cusolver(loader, release), nvrtc(loader, release, served));
    }

    private static List<Integer> releases(int newest) {
        return IntStream.iterate(newest, release -> release >= OLDEST, release -> release - 1)
                .boxed()
                .toList();
    }

    private static LibraryLoader.Found cublas(LibraryLoader loader, List<Integer> served, int driver) {
        List<String> names =
                served.stream().map(release -> "libcublas.so." + release).toList();
        try {
            return loader.open("cuBLAS", names, release -> List.of("libcublasLt.so." + release));
        } catch (UnavailableException missing) {
            throw withAdvice(missing, driver);
        }
    }

    /// Its own version is one behind that of CUDA.
    private static Cusolver cusolver(LibraryLoader loader, int release) {
        List<String> needs = List.of("libnvJitLink.so." + release, "libcublasLt.so." + release, "libcusparse.so.12");
        try {
            List<String> names = List.of("libcusolver.so." + (release - 1));
            return Cusolver.of(loader.open("cuSOLVER", names, version -> needs).functions());
        } catch (UnavailableException missing) {
            throw withAdvice(missing, release);
        }
    }

    /// NVRTC alone, the newest: it compiles without a device and without a driver.
    ///
    /// @throws UnavailableException when there is none
    public static Nvrtc nvrtc(LibraryLoader loader) {
        return nvrtc(loader, NEWEST, releases(NEWEST));
    }

    /// Of cuBLAS's release, or else of another that the driver serves, or even a newer one: what it compiles for the
    /// very device the driver need not compile again.
    private static Nvrtc nvrtc(LibraryLoader loader, int release, List<Integer> served) {
        List<String> names = IntStream.concat(
                        IntStream.of(release),
                        IntStream.concat(
                                served.stream().mapToInt(Integer::intValue),
                                releases(NEWEST).stream().mapToInt(Integer::intValue)))
                .distinct()
                .mapToObj(number -> "libnvrtc.so." + number)
                .toList();
        try {
            LibraryLoader.Found found = loader.open("NVRTC", names, version -> List.of());
            Nvrtc nvrtc = Nvrtc.of(found.functions());
            // The compiler opens it by its bare name when it compiles.
            loader.openBeside(found.file(), "libnvrtc-builtins.so." + nvrtc.version());
            return nvrtc;
        } catch (UnavailableException missing) {
            throw withAdvice(missing, release);
        }
    }

    private static UnavailableException withAdvice(UnavailableException missing, int release) {
        return new UnavailableException(
                missing.getMessage() + "; install CUDA " + release
                        + "'s toolkit or its pip packages, or name the folder in " + LibraryPaths.SETTING,
                missing);
    }
}
