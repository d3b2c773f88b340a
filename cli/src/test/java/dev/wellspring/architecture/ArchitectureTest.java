package dev.wellspring.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Collection;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.BaseStream;

/// The arrows of ARCHITECTURE.md.
@AnalyzeClasses(
        packages = "dev.wellspring",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoJarsOfTests.class})
class ArchitectureTest {
    /// Once packaged, the core's tests are a jar, which no folder's name gives away.
    static final class NoJarsOfTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String[] CORE = {
        "dev.wellspring.tensor..",
        "dev.wellspring.linalg..",
        "dev.wellspring.model..",
        "dev.wellspring.gradient..",
        "dev.wellspring.curvature..",
        "dev.wellspring.influence..",
        "dev.wellspring.rank..",
        "dev.wellspring.train..",
        "dev.wellspring.analysis..",
        "dev.wellspring.validation..",
        "dev.wellspring.run.."
    };
    private static final String STORE = "dev.wellspring.store..";
    private static final String QUERIES = "dev.wellspring.queries..";
    private static final String CLI = "dev.wellspring.cli..";

    @ArchTest
    static final ArchRule everyClassBelongsToAModule =
            classes().should().resideInAnyPackage(join(CORE, STORE, QUERIES, CLI));

    @ArchTest
    static final ArchRule coreKnowsNobody = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STORE, QUERIES, CLI);

    @ArchTest
    static final ArchRule storeKnowsOnlyTheCore = noClasses()
            .that()
            .resideInAPackage(STORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(QUERIES, CLI)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule queriesKnowNobody = noClasses()
            .that()
            .resideInAPackage(QUERIES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(join(CORE, STORE, CLI))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule coreIsLayered = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("tensor")
            .definedBy("dev.wellspring.tensor..")
            .layer("linalg")
            .definedBy("dev.wellspring.linalg..")
            .layer("model")
            .definedBy("dev.wellspring.model..")
            .layer("method")
            .definedBy(
                    "dev.wellspring.train..",
                    "dev.wellspring.gradient..",
                    "dev.wellspring.curvature..",
                    "dev.wellspring.influence..",
                    "dev.wellspring.rank..")
            .layer("analysis")
            .definedBy("dev.wellspring.analysis..", "dev.wellspring.validation..")
            .layer("run")
            .definedBy("dev.wellspring.run..")
            .whereLayer("run")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("analysis")
            .mayOnlyBeAccessedByLayers("run")
            .whereLayer("method")
            .mayOnlyBeAccessedByLayers("analysis", "run")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("method", "analysis", "run")
            .whereLayer("linalg")
            .mayOnlyBeAccessedByLayers("model", "method", "analysis", "run");

    @ArchTest
    static final ArchRule packagesAreNamedAfterIdeas = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..", "..impl..");

    @ArchTest
    static final ArchRule backendsDoNotKnowEachOther = slices().matching("dev.wellspring.linalg.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAPackage("dev.wellspring.linalg.host"))
            .ignoreDependency(alwaysTrue(), resideInAPackage("dev.wellspring.linalg.foreign"))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nd4jStaysInItsBackend =
            onlyIn("dev.wellspring.linalg.nd4j..", "org.nd4j..", "org.bytedeco..");

    @ArchTest
    static final ArchRule vectorInstructionsStayInTheirPackage =
            onlyIn("dev.wellspring.linalg.cpu..", "jdk.incubator..");

    @ArchTest
    static final ArchRule luceneStaysWithBaselines = onlyIn("dev.wellspring.analysis..", "org.apache.lucene..");

    @ArchTest
    static final ArchRule textSearchStaysWithAnalyses = onlyIn("dev.wellspring.analysis..", "org.ahocorasick..");

    @ArchTest
    static final ArchRule tokenizersStayWithTokens = onlyIn("dev.wellspring.queries.token..", "ai.djl..");

    @ArchTest
    static final ArchRule duckDbStaysWithFiles = noClasses()
            .that()
            .resideOutsideOfPackages("dev.wellspring.queries.corpus..", STORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.duckdb..", "java.sql..");

    @ArchTest
    static final ArchRule arrowStaysWithFiles = noClasses()
            .that()
            .resideOutsideOfPackages(STORE, "dev.wellspring.queries.corpus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.arrow..", "com.google.flatbuffers..");

    @ArchTest
    static final ArchRule commandLineStaysInTheCommands = onlyIn(CLI, "picocli..");

    @ArchTest
    static final ArchRule threadsStayInRun = noClasses()
            .that()
            .resideOutsideOfPackage("dev.wellspring.run..")
            .should()
            .dependOnClassesThat(startsThreads())
            .orShould()
            .callMethod(BaseStream.class, "parallel")
            .orShould()
            .callMethod(Collection.class, "parallelStream");

    @ArchTest
    static final ArchRule onlyCommandsPrint = noClasses()
            .that()
            .resideOutsideOfPackage(CLI)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule onlyTheMainClassEndsTheProcess = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.wellspring.cli.Wellspring")
            .should()
            .callMethod(System.class, "exit", int.class);

    private static ArchRule onlyIn(String home, String... guests) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(guests);
    }

    private static DescribedPredicate<JavaClass> startsThreads() {
        return JavaClass.Predicates.assignableTo(Executor.class)
                .or(JavaClass.Predicates.assignableTo(CompletableFuture.class))
                .or(JavaClass.Predicates.assignableTo(Thread.class))
                .or(JavaClass.Predicates.assignableTo(Timer.class))
                .or(JavaClass.Predicates.equivalentTo(Executors.class))
                .as("start threads");
    }

    private static String[] join(String[] first, String... more) {
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
