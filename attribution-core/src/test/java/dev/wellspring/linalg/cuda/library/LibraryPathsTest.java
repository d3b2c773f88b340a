package dev.wellspring.linalg.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where libraries are looked for, on machines laid out in a folder.
class LibraryPathsTest {
    private static final List<String> CUBLAS = List.of("libcublas.so.13", "libcublas.so.12");

    @TempDir
    Path root;

    @Test
    void aToolkitOfTheSystemIsFound() throws IOException {
        Path file = lay("usr/local/cuda/lib64/libcublas.so.12");
        assertThat(files(Map.of())).containsExactly(file);
    }

    @Test
    void theNewestOfSeveralToolkitsGoesFirst() throws IOException {
        Path older = lay("usr/local/cuda-12.9/lib64/libcublas.so.12");
        Path newer = lay("usr/local/cuda-12.10/lib64/libcublas.so.12");
        assertThat(files(Map.of())).containsExactly(newer, older);
    }

    @Test
    void theFolderOfTheToolkitsTargetIsFound() throws IOException {
        String target = System.getProperty("os.arch").equals("aarch64") ? "sbsa-linux" : "x86_64-linux";
        Path file = lay("usr/local/cuda-13.0/targets/" + target + "/lib/libcublas.so.13");
        assertThat(files(Map.of())).containsExactly(file);
    }

    @Test
    void theToolkitOfTheEnvironmentGoesBeforeTheSystems() throws IOException {
        Path system = lay("usr/local/cuda/lib64/libcublas.so.13");
        Path own = lay("opt/toolkit/lib64/libcublas.so.12");
        assertThat(files(Map.of("CUDA_HOME", root.resolve("opt/toolkit").toString())))
                .containsExactly(own, system);
        assertThat(files(Map.of("CUDA_PATH", root.resolve("opt/toolkit").toString())))
                .containsExactly(own, system);
    }

    @Test
    void condaIsFound() throws IOException {
        Path file = lay("conda/lib/libcublas.so.12");
        assertThat(files(Map.of("CONDA_PREFIX", root.resolve("conda").toString())))
                .containsExactly(file);
    }

    @Test
    void pipPackagesOfCuda12AreFoundInAVirtualEnvironment() throws IOException {
        Path file = lay("venv/lib/python3.12/site-packages/nvidia/cublas/lib/libcublas.so.12");
        assertThat(files(Map.of("VIRTUAL_ENV", root.resolve("venv").toString())))
                .containsExactly(file);
    }

    @Test
    void theVirtualEnvironmentOfThePythonOnThePathIsSearchedThroughALink() throws IOException {
        Path file = lay("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libcublas.so.13");
        lay("venv/pyvenv.cfg");
        Path program = lay("venv/bin/python3");
        Path folder = Files.createDirectories(root.resolve("programs"));
        Files.createSymbolicLink(folder.resolve("python3"), program);
        assertThat(files(Map.of("PATH", folder.toString()))).containsExactly(file);
    }

    @Test
    void pipPackagesOfCuda13LieInOneFolder() throws IOException {
        Path file = lay("home/.local/lib/python3.13/site-packages/nvidia/cu13/lib/libcublas.so.13");
        assertThat(files(Map.of())).containsExactly(file);
    }

    @Test
    void theNewestPythonGoesFirst() throws IOException {
        Path older = lay("usr/local/lib/python3.9/dist-packages/nvidia/cublas/lib/libcublas.so.12");
        Path newer = lay("usr/local/lib/python3.12/dist-packages/nvidia/cublas/lib/libcublas.so.12");
        assertThat(files(Map.of())).containsExactly(newer, older);
    }

    @Test
    void packagesOfTheDistributionAndOfWindowsAreFound() throws IOException {
        String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        Path distribution = lay("usr/lib/" + processor + "-linux-gnu/libcublas.so.12");
        Path windows = lay("usr/lib/wsl/lib/libcublas.so.12");
        assertThat(files(Map.of())).containsExactly(distribution, windows);
    }

    @Test
    void inOneFolderTheFirstNameGoesFirst() throws IOException {
        Path older = lay("usr/local/cuda/lib64/libcublas.so.12");
        Path newer = lay("usr/local/cuda/lib64/libcublas.so.13");
        assertThat(files(Map.of())).containsExactly(newer, older);
    }

    @Test
    void chosenFoldersComeBeforeTheLoaderAndTheLoaderBeforeTheUsualOnes() throws IOException {
        Path usual = lay("usr/local/cuda/lib64/libcublas.so.13");
        Path chosen = lay("chosen/libcublas.so.12");
        Map<String, String> environment =
                Map.of(LibraryPaths.SETTING, root.resolve("nothing-here") + ":" + root.resolve("chosen"));
        assertThat(LibraryPaths.of(environment, root, root.resolve("home")).candidates(CUBLAS))
                .containsExactly(chosen.toString(), "libcublas.so.13", "libcublas.so.12", usual.toString());
    }

    @Test
    void onlyTheGivenFoldersAreLookedIntoWhenAskedSo() throws IOException {
        Path file = lay("chosen/libcuda.so.1");
        LibraryPaths paths = LibraryPaths.only(List.of(root.resolve("chosen")));
        assertThat(paths.candidates(List.of("libcuda.so.1"))).containsExactly(file.toString());
        assertThat(paths.candidates(CUBLAS)).isEmpty();
    }

    private Path lay(String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.createFile(path);
    }

    /// The candidates but for those that the loader is asked for.
    private List<Path> files(Map<String, String> environment) {
        return LibraryPaths.of(environment, root, root.resolve("home")).candidates(CUBLAS).stream()
                .map(Path::of)
                .filter(Path::isAbsolute)
                .toList();
    }
}
