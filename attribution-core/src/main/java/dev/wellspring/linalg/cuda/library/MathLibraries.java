package dev.wellspring.linalg.cuda.library;

import dev.wellspring.linalg.cuda.library.LibrarySet.Wanted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// cuBLAS, cuSOLVER and NVRTC of one release of CUDA that the driver serves.
///
/// @param release 12 or 13
public record MathLibraries(int release, Cublas cublas, Cusolver cusolver, Nvrtc nvrtc) {
    private static final int OLDEST = 12;
    private static final int NEWEST = 13;

    /// Of the newest release that is there whole and that the driver serves; one whose cuBLAS is in a folder that
    /// somebody chose goes before.
    ///
    /// @param driverVersion the newest CUDA that the driver serves: 12080 for 12.8
    /// @throws UnavailableException when something is missing of each; it says what, and what to install
    public static MathLibraries open(LibraryLoader loader, int driverVersion) {
        int newest = Math.min(driverVersion / 1000, NEWEST);
        List<String> lacks = new ArrayList<>();
        for (int release : releases(loader, newest)) {
            try (LibrarySet set = loader.release(release)) {
                MathLibraries libraries = open(set, release, driverVersion);
                set.keep();
                return libraries;
            } catch (UnavailableException | CudaException lack) {
                lacks.add(lack.getMessage());
            }
        }
        throw new UnavailableException(String.join("; ", lacks) + "; " + advice(newest));
    }

    private static List<Integer> releases(LibraryLoader loader, int newest) {
        Comparator<Integer> chosen = Comparator.comparing(release -> !loader.chooses("libcublas.so." + release));
        return IntStream.rangeClosed(OLDEST, newest)
                .boxed()
                .sorted(chosen.thenComparing(Comparator.reverseOrder()))
                .toList();
    }

    private static MathLibraries open(LibrarySet set, int release, int driverVersion) {
        String blas = "libcublasLt.so." + release;
        Cublas cublas =
                set.open(Wanted.of("cuBLAS of CUDA " + release, "libcublas.so." + release, List.of(blas), Cublas::of));
        // The version in its name is one behind that of CUDA; that of cuSPARSE has stayed at 12.
        List<String> needs = List.of("libnvJitLink.so." + release, blas, "libcusparse.so.12");
        Cusolver cusolver = set.open(
                Wanted.of("cuSOLVER of CUDA " + release, "libcusolver.so." + (release - 1), needs, Cusolver::of));
        return new MathLibraries(release, cublas, cusolver, nvrtc(set, release, driverVersion));
    }

    /// NVRTC alone, the newest: it compiles without a device and without a driver.
    ///
    /// @throws UnavailableException when there is none
    public static Nvrtc nvrtc(LibraryLoader loader) {
        List<String> lacks = new ArrayList<>();
        for (int release : releases(loader, NEWEST)) {
            try (LibrarySet set = loader.release(release)) {
                Nvrtc nvrtc = nvrtc(set, release, Integer.MAX_VALUE);
                set.keep();
                return nvrtc;
            } catch (UnavailableException | CudaException lack) {
                lacks.add(lack.getMessage());
            }
        }
        throw new UnavailableException(String.join("; ", lacks) + "; " + advice(NEWEST));
    }

    /// One that is not newer than the driver, or else any of the release. A newer one does no harm to a device
    /// that it knows: it compiles to machine code, which every driver of the release loads. Only for a device
    /// that it does not know it writes PTX, and that an older driver would refuse.
    private static Nvrtc nvrtc(LibrarySet set, int release, int driverVersion) {
        Nvrtc nvrtc = set.open(new Wanted<>(
                "NVRTC of CUDA " + release,
                "libnvrtc.so." + release,
                List.of(),
                Nvrtc::of,
                found -> found.release() <= driverVersion));
        // It opens this by its bare name when it compiles.
        set.openNeedOfLast("libnvrtc-builtins.so." + nvrtc.version());
        return nvrtc;
    }

    private static String advice(int release) {
        String packages = release > OLDEST
                ? "'nvidia-cublas==" + release + ".*' 'nvidia-cusolver==" + (release - 1) + ".*' 'nvidia-cuda-nvrtc=="
                        + release + ".*'"
                : "nvidia-cublas-cu12 nvidia-cusolver-cu12 nvidia-cuda-nvrtc-cu12";
        return "install the toolkit of CUDA " + release + ", or do pip install " + packages + ", or name the folder in "
                + LibraryPaths.SETTING;
    }
}
