package dev.wellspring.linalg.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.linalg.cuda.EmulatedCuda;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Which release is taken, with copies of the CUDA of plain C++ under NVIDIA's names.
@EnabledOnOs(OS.LINUX)
class MathLibrariesTest {
    private static final List<String> TWELVE = List.of("libcublas.so.12", "libcusolver.so.11", "libnvrtc.so.12");
    private static final List<String> THIRTEEN = List.of("libcublas.so.13", "libcusolver.so.12", "libnvrtc.so.13");

    @TempDir
    Path root;

    @Test
    void theNewestReleaseThatTheDriverServesIsTaken() throws IOException {
        lay("usr/local/cuda-12.8/lib64", TWELVE);
        lay("usr/local/cuda-13.0/lib64", THIRTEEN);
        assertThat(open(13_000).release()).isEqualTo(13);
        assertThat(open(14_020).release()).isEqualTo(13);
        assertThat(open(12_080).release()).isEqualTo(12);
    }

    @Test
    void aReleaseOfWhichSomethingIsMissingGivesWayToTheOneBefore() throws IOException {
        lay("usr/local/cuda-13.0/lib64", List.of("libcublas.so.13", "libnvrtc.so.13"));
        lay("usr/lib64", TWELVE);
        assertThat(open(13_000).release()).isEqualTo(12);
    }

    @Test
    void aReleaseMayLieInSeveralPlaces() throws IOException {
        lay("usr/lib64", List.of("libcublas.so.13", "libcusolver.so.12"));
        lay("usr/local/nvidia/lib", TWELVE);
        lay("home/.local/lib/python3.12/site-packages/nvidia/cu13/lib", List.of("libnvrtc.so.13"));
        assertThat(open(13_000).release()).isEqualTo(13);
    }

    @Test
    void aReleaseInAChosenFolderGoesBefore() throws IOException {
        lay("usr/local/cuda-13.0/lib64", THIRTEEN);
        Path chosen = lay("chosen", TWELVE);
        assertThat(open(13_000, Map.of(LibraryPaths.SETTING, chosen.toString())).release())
                .isEqualTo(12);
    }

    @Test
    void whatIsMissingOfEachReleaseIsSaidWithWhatToInstall() throws IOException {
        lay("usr/lib64", List.of("libcublas.so.13", "libnvrtc.so.12"));
        assertThatThrownBy(() -> open(13_000))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "no cuSOLVER of CUDA 13: libcusolver.so.12 is not found; no cuBLAS of CUDA 12: libcublas.so.12 is"
                                + " not found; install the toolkit of CUDA 13, or do pip install 'nvidia-cublas==13.*'"
                                + " 'nvidia-cusolver==12.*' 'nvidia-cuda-nvrtc==13.*', or name the folder in WELLSPRING_CUDA");
        assertThatThrownBy(() -> open(12_040))
                .hasMessage(
                        "no cuBLAS of CUDA 12: libcublas.so.12 is not found; install the toolkit of CUDA 12, or do pip"
                                + " install nvidia-cublas-cu12 nvidia-cusolver-cu12 nvidia-cuda-nvrtc-cu12, or name the folder in"
                                + " WELLSPRING_CUDA");
    }

    /// The emulated NVRTC says that it is 12.99.
    @Test
    void anNvrtcNewerThanTheDriverIsTakenWhereThereIsNoOther() throws IOException {
        lay("usr/lib64", TWELVE);
        assertThat(open(12_000).nvrtc().release()).isEqualTo(12_990);
    }

    private Path lay(String folder, List<String> names) throws IOException {
        Path original = EmulatedCuda.orSkip().folder().resolve("libcuda.so.1");
        Path path = Files.createDirectories(root.resolve(folder));
        for (String name : names) {
            Files.copy(original, path.resolve(name));
        }
        return path;
    }

    private MathLibraries open(int driverVersion) {
        return open(driverVersion, Map.of());
    }

    /// The system's own loader is not asked.
    private MathLibraries open(int driverVersion, Map<String, String> environment) {
        LibraryPaths found = LibraryPaths.of(environment, root, root.resolve("home"));
        var paths = new LibraryPaths(found.chosen(), false, found.usual());
        return MathLibraries.open(LibraryLoader.of(paths), driverVersion);
    }
}
