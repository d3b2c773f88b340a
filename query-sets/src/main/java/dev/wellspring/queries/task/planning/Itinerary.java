package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.planning.Routes.Move;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The steps of a plan whose journeys are known: makes them, and loads and unloads on the way. That a package got
/// into an airplane is only known when it gets out, so a step may be put after a journey made before.
final class Itinerary implements Routes.Events {
    private final Places places;
    private final Routes routes;
    private final List<List<Step>> journeys = new ArrayList<>();
    private final Map<Integer, Boarding> boardings = new HashMap<>();

    Itinerary(Places places, Routes routes) {
        this.places = places;
        this.routes = routes;
    }

    /// The steps with these journeys.
    List<Step> steps(Freight start, List<Move> moves) {
        journeys.add(new ArrayList<>());
        Freight freight = routes.settle(start, this);
        for (Move move : moves) {
            journeys.add(new ArrayList<>());
            make(freight, move);
            freight = routes.settle(routes.after(freight, move), this);
        }
        return journeys.stream().flatMap(List::stream).toList();
    }

    private void make(Freight freight, Move move) {
        now().add(
                        move.flies()
                                ? Step.of(
                                        "fly-airplane",
                                        places.airplane(move.who()),
                                        places.airport(freight.airplane(move.who())),
                                        places.airport(move.where()))
                                : Step.of(
                                        "drive-truck",
                                        places.truck(move.who()),
                                        places.location(freight.truck(move.who())),
                                        places.location(move.where()),
                                        places.city(move.who())));
    }

    private List<Step> now() {
        return journeys.getLast();
    }

    @Override
    public void loaded(int parcel, int city, int location) {
        now().add(Step.of("load-truck", places.parcel(parcel), places.truck(city), places.location(location)));
    }

    @Override
    public void unloaded(int parcel, int city, int location) {
        now().add(Step.of("unload-truck", places.parcel(parcel), places.truck(city), places.location(location)));
    }

    @Override
    public void mayBoard(int parcel, int airplane, int city) {
        boardings.put(3 * parcel + airplane, new Boarding(journeys.size() - 1, city));
    }

    @Override
    public void landed(int parcel, int airplane, int city) {
        Boarding boarding = boardings.get(3 * parcel + airplane);
        if (boarding != null) {
            journeys.get(boarding.journey)
                    .add(Step.of(
                            "load-airplane",
                            places.parcel(parcel),
                            places.airplane(airplane),
                            places.airport(boarding.city)));
        }
        now().add(Step.of("unload-airplane", places.parcel(parcel), places.airplane(airplane), places.airport(city)));
    }

    /// When and where a package may have got into an airplane.
    private record Boarding(int journey, int city) {}
}
