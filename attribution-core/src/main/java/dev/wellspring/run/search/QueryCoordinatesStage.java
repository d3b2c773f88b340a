package dev.wellspring.run.search;

import dev.wellspring.gradient.BasisFile;
import dev.wellspring.gradient.BasisReader;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.influence.QueryGradients;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.Stage;
import dev.wellspring.run.score.QueryPass;
import dev.wellspring.run.score.ScoredQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The gradient of every query, preconditioned, in the coordinates of a store.
final class QueryCoordinatesStage implements Stage {
    private final RunContext context;
    private final QueryPass pass;
    private final List<List<LinearModule>> passes;
    private final BasisFile basis;
    private final GradientLayout layout;
    private final SearchSettings settings;
    private final RunFolder folder;

    /// @param passes the modules whose full query gradients are in memory together
    QueryCoordinatesStage(
            RunContext context,
            QueryPass pass,
            List<List<LinearModule>> passes,
            BasisFile basis,
            GradientLayout layout,
            SearchSettings settings,
            RunFolder folder) {
        this.context = context;
        this.pass = pass;
        this.passes = passes;
        this.basis = basis;
        this.layout = layout;
        this.settings = settings;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "queries";
    }

    @Override
    public boolean isComplete() {
        return isComplete(folder);
    }

    static boolean isComplete(RunFolder folder) {
        return Files.exists(folder.resolve(QueryCoordinates.FILE)) && Files.exists(folder.resolve(ScoredQuery.FILE));
    }

    @Override
    public void run() {
        List<LinearModule> modules = passes.stream().flatMap(List::stream).toList();
        context.progress().start(name(), modules.size(), "modules");
        Map<String, Integer> dimensions = new LinkedHashMap<>();
        for (StoredModule stored : layout.modules()) {
            if (modules.stream().anyMatch(module -> module.name().equals(stored.name()))) {
                dimensions.put(stored.name(), stored.dimensions());
            }
        }
        int queries = pass.queries().size();
        Path file = folder.resolve(QueryCoordinates.FILE);
        try (var coordinates = QueryCoordinates.create(context.algebra(), file, queries, dimensions)) {
            double[] losses = new double[queries];
            for (List<LinearModule> group : passes) {
                losses = add(group, coordinates);
            }
            coordinates.finish();
            folder.write(ScoredQuery.FILE, ScoredQuery.toBytes(pass.scored(losses, new double[queries])));
        } catch (IOException failure) {
            throw new UncheckedIOException(name() + ": " + failure.getMessage(), failure);
        }
    }

    private double[] add(List<LinearModule> modules, QueryCoordinates coordinates) throws IOException {
        var type = settings.type().sumType();
        try (var gradients = new QueryGradients(
                        context.algebra(), modules, pass.queries().size(), type);
                BasisReader reader = basis.open(context.algebra())) {
            double[] losses = pass.run(modules, gradients);
            for (LinearModule module : modules) {
                try (Workspace work = new Workspace(context.algebra())) {
                    double[] values = reader.read(work, module, type)
                            .ofQueries(
                                    context.algebra(),
                                    gradients.gradients(module),
                                    settings.curvature(),
                                    settings.damping());
                    coordinates.put(module.name(), values);
                }
                context.progress().advance(1, 0);
                context.cancellation().check("no queries");
            }
            return losses;
        }
    }
}
