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
    private static final String CUBLAS = "libcublas.so.12";

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
        Path file = lay("usr/local/cuda-12.8/targets/" + target + "/lib/libcublas.so.12");
        assertThat(files(Map.of())).containsExactly(file);
    }

    @Test
    void theToolkitOfTheEnvironmentGoesBeforeTheSystems() throws IOException {
        Path system = lay("usr/local/cuda/lib64/libcublas.so.12");
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
        Path file = lay("venv/lib/python3.12/site-packages/nvidia/cublas/lib/libcublas.so.12");
        lay("venv/pyvenv.cfg");
        Path program = lay("venv/bin/python3");
        Path folder = Files.createDirectories(root.resolve("programs"));
        Files.createSymbolicLink(folder.resolve("python3"), program);
        assertThat(files(Map.of("PATH", folder.toString()))).containsExactly(file);
    }

    @Test
    void pipPackagesOfCuda13LieInOneFolder() throws IOException {
        Path file = lay("home/.local/lib/python3.13/site-packages/nvidia/cu13/lib/libcublas.so.13");
        assertThat(files(Map.of(), "libcublas.so.13")).containsExactly(file);
    }

    @Test
    void whatContainersAreGivenOfTheMachineIsFound() throws IOException {
        Path first = lay("usr/local/nvidia/lib64/libcublas.so.12");
        Path second = lay("usr/local/nvidia/lib/libcublas.so.12");
        assertThat(files(Map.of())).containsExactly(first, second);
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
    void chosenFoldersComeFirstThenNearOnesThenTheLoaderThenTheUsualOnes() throws IOException {
        Path usual = lay("usr/local/cuda/lib64/libcublas.so.12");
        Path chosen = lay("chosen/libcublas.so.12");
        Path near = lay("near/libcublas.so.12");
        Map<String, String> environment =
                Map.of(LibraryPaths.SETTING, root.resolve("nothing-here") + ":" + root.resolve("chosen"));
        LibraryPaths paths = LibraryPaths.of(environment, root, root.resolve("home"));
        assertThat(paths.candidates(CUBLAS, List.of(root.resolve("near"), root.resolve("chosen"))))
                .containsExactly(chosen.toString(), near.toString(), CUBLAS, usual.toString());
        assertThat(paths.chooses(CUBLAS)).isTrue();
        assertThat(paths.chooses("libcublas.so.13")).isFalse();
    }

    @Test
    void onlyTheGivenFoldersAreLookedIntoWhenAskedSo() throws IOException {
        Path file = lay("chosen/libcuda.so.1");
        LibraryPaths paths = LibraryPaths.only(List.of(root.resolve("chosen")));
        assertThat(paths.candidates("libcuda.so.1", List.of())).containsExactly(file.toString());
        assertThat(paths.candidates(CUBLAS, List.of())).isEmpty();
    }

    @Test
    void oddNamesOfFoldersDoNoHarm() throws IOException {
        Path odd = lay("usr/local/cuda-99999999999999999999/lib64/libcublas.so.12");
        Path file = lay("usr/local/cuda-12.9/lib64/libcublas.so.12");
        lay("usr/local/cuda-/file");
        lay("usr/local/cuda-file");
        assertThat(files(Map.of("CUDA_HOME", "not\0a folder", LibraryPaths.SETTING, "\0", "PATH", "\0")))
                .containsExactly(odd, file);
    }

    // ---- which release a folder is of ----

    @Test
    void aToolkitsFolderIsOfTheReleaseOfItsCublas() throws IOException {
        Path older = folderOf("cuda-11.8/lib64/libcublas.so.11");
        Path folder = folderOf("cuda-12.8/lib64/libcublas.so.12");
        assertThat(LibraryPaths.isOfAnother(older, 12)).isTrue();
        assertThat(LibraryPaths.isOfAnother(folder, 12)).isFalse();
        assertThat(LibraryPaths.isOfAnother(folder, 13)).isTrue();
        assertThat(LibraryPaths.isOfAnother(root, 12)).isFalse();
    }

    @Test
    void pipsFoldersAreOfTheReleaseInTheirNames() throws IOException {
        Path twelve = folderOf("site-packages/nvidia/cusparse/lib/libcusparse.so.12");
        assertThat(LibraryPaths.isOfAnother(twelve, 12)).isFalse();
        Path thirteen = folderOf("site-packages/nvidia/cu13/lib/libcusparse.so.12");
        assertThat(LibraryPaths.isOfAnother(twelve, 12)).isFalse();
        assertThat(LibraryPaths.isOfAnother(twelve, 13)).isTrue();
        assertThat(LibraryPaths.isOfAnother(thirteen, 12)).isTrue();
        assertThat(LibraryPaths.isOfAnother(thirteen, 13)).isFalse();
    }

    @Test
    void aroundALibraryIsWhatPipPutsBesideIt() throws IOException {
        Path library = lay("site-packages/nvidia/cublas/lib/libcublas.so.12");
        Path beside = lay("site-packages/nvidia/cusparse/lib/libcusparse.so.12");
        assertThat(LibraryPaths.around(library)).startsWith(library.getParent()).contains(beside.getParent());
        assertThat(LibraryPaths.around(root.resolve("lib64/libcublas.so.12"))).containsExactly(root.resolve("lib64"));
        assertThat(LibraryPaths.around(Path.of("libcublas.so.12"))).isEmpty();
    }

    private Path folderOf(String file) throws IOException {
        return lay(file).resolve("..").normalize();
    }

    private Path lay(String file) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.createFile(path);
    }

    private List<Path> files(Map<String, String> environment) {
        return files(environment, CUBLAS);
    }

    /// The candidates but for those that the loader is asked for.
    private List<Path> files(Map<String, String> environment, String name) {
        return LibraryPaths.of(environment, root, root.resolve("home")).candidates(name, List.of()).stream()
                .map(Path::of)
                .filter(Path::isAbsolute)
                .toList();
    }
}
