package dev.wellspring.run.fit;

import dev.wellspring.curvature.DocumentSums;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.FactorWriter;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.CommittedState;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// A stage that adds up sums over the fitting documents: as many passes as memory asks for, each with some of the
/// modules, then the files of the layout from what the passes left.
///
/// @param <S> what is added up
abstract class SummingStage<S extends DocumentSums> implements Stage {
    final RunContext context;
    final FitPlan plan;
    final FactorFiles files;
    private final DocumentPass pass;
    private final RunFolder folder;

    SummingStage(RunContext context, DocumentPass pass, FitPlan plan, FactorFiles files, RunFolder folder) {
        this.context = context;
        this.pass = pass;
        this.plan = plan;
        this.files = files;
        this.folder = folder;
    }

    /// The files it leaves.
    abstract List<FactorKind> kinds();

    /// The modules of each pass.
    abstract List<List<LinearModule>> passes();

    /// Whether no other stage goes through the documents after it.
    abstract boolean isLast();

    /// Sums of zero to restore a finished pass into.
    abstract S empty(List<LinearModule> modules);

    /// What is done with sums that are open only meanwhile.
    interface Use<S> {
        void with(S sums) throws IOException;
    }

    /// Makes sums of zero that can take documents on one of the devices.
    abstract void open(LinearAlgebra device, List<LinearModule> modules, Use<S> use) throws IOException;

    /// Adds the sums of another device to those of the first.
    abstract void merge(S first, S other);

    /// For the files of all modules.
    abstract FactorWriter writer() throws IOException;

    /// Adds the sums of one pass to the files.
    abstract void put(FactorWriter writer, S sums) throws IOException;

    @Override
    public boolean isComplete() {
        return kinds().stream().allMatch(kind -> Files.exists(files.file(kind)));
    }

    @Override
    public void run() {
        List<List<LinearModule>> passes = passes();
        try {
            if (passes.size() == 1 && !state(passes.getFirst()).isWhole()) {
                runInOnePass(passes.getFirst());
                return;
            }
            for (int i = 0; i < passes.size(); i++) {
                List<LinearModule> modules = passes.get(i);
                if (!state(modules).isWhole()) {
                    pass.start(name(), i, passes.size());
                    boolean last = isLast() && i == passes.size() - 1;
                    addUp(modules, last, sums -> state(modules).saveWhole(sums::save));
                }
            }
            write(passes);
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    /// The sums go into the files from where they were added up.
    private void runInOnePass(List<LinearModule> modules) throws IOException {
        pass.start(name(), 0, 1);
        addUp(modules, isLast(), sums -> {
            try (FactorWriter writer = writer()) {
                put(writer, sums);
                writer.finish();
            }
        });
    }

    /// One pass over the documents, from where it was left; the sums of all devices come together on the first.
    private void addUp(List<LinearModule> modules, boolean last, Use<S> use) throws IOException {
        openOnAll(modules, new ArrayList<>(), sums -> {
            pass.run(name(), state(modules), new LinkedHashSet<>(modules), sums, last);
            sums.subList(1, sums.size()).forEach(other -> merge(sums.getFirst(), other));
            use.with(sums.getFirst());
        });
    }

    private void openOnAll(List<LinearModule> modules, List<S> opened, Use<List<S>> use) throws IOException {
        if (opened.size() == context.devices().size()) {
            use.with(opened);
            return;
        }
        open(context.devices().get(opened.size()), modules, sums -> {
            opened.add(sums);
            openOnAll(modules, opened, use);
        });
    }

    /// Gathers what the passes left into the files of the layout, one pass in memory at a time.
    private void write(List<List<LinearModule>> passes) throws IOException {
        try (FactorWriter writer = writer()) {
            for (List<LinearModule> modules : passes) {
                try (S sums = empty(modules)) {
                    sums.restore(state(modules).whole());
                    put(writer, sums);
                }
            }
            writer.finish();
        }
    }

    private CommittedState state(List<LinearModule> modules) {
        return new CommittedState(
                folder, plan.stateName(name(), modules), context.devices().size());
    }
}
