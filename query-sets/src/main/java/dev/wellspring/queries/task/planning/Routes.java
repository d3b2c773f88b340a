package dev.wellspring.queries.task.planning;

import static dev.wellspring.queries.task.planning.Freight.BY_AIR;
import static dev.wellspring.queries.task.planning.Freight.DONE;
import static dev.wellspring.queries.task.planning.Freight.IN_TRUCK;
import static dev.wellspring.queries.task.planning.Freight.NO_CITY;

import java.util.ArrayList;
import java.util.List;

/// The map of a [Delivery] and where its packages are to go; what happens by itself when a vehicle gets somewhere,
/// where going is of use, and how many journeys are left at least.
final class Routes {
    private final int[] city;
    private final int[] airport;
    private final int[] target;
    private final int airplanes;

    /// @param city of each location
    /// @param airport of each city, a location
    /// @param target of each package, a location
    Routes(int[] city, int[] airport, int[] target, int airplanes) {
        this.city = city.clone();
        this.airport = airport.clone();
        this.target = target.clone();
        this.airplanes = airplanes;
    }

    /// What a search chooses.
    ///
    /// @param flies whether it is an airplane that goes to a city, or the truck of a city that goes to a location
    record Move(boolean flies, int who, int where) {}

    /// Is told what happens by itself.
    interface Events {
        /// Nobody is told.
        Events NONE = new Events() {};

        /// A package gets into the truck of a city.
        default void loaded(int parcel, int city, int location) {}

        /// It gets out again.
        default void unloaded(int parcel, int city, int location) {}

        /// An airplane is where a package lies, so it may take it.
        default void mayBoard(int parcel, int airplane, int city) {}

        /// A package gets out of an airplane.
        default void landed(int parcel, int airplane, int city) {}
    }

    boolean isDone(Freight freight) {
        for (int parcel = 0; parcel < target.length; parcel++) {
            if (freight.status(parcel) != DONE) {
                return false;
            }
        }
        return true;
    }

    /// What follows from where things are: loads and unloads whatever can be.
    Freight settle(Freight freight, Events events) {
        Freight settled = freight;
        for (int parcel = 0; parcel < target.length; parcel++) {
            int status = -1;
            while (settled.status(parcel) != status) {
                status = settled.status(parcel);
                settled = settled.with(parcel, next(settled, parcel, status, events));
            }
        }
        return settled;
    }

    private int next(Freight freight, int parcel, int status, Events events) {
        if (status == DONE) {
            return DONE;
        }
        if (status >= BY_AIR) {
            return byAir(freight, parcel, status, events);
        }
        int at = status >= IN_TRUCK ? status - IN_TRUCK : city[status];
        int end = end(parcel, at);
        if (status == end) {
            return arrived(parcel, at);
        }
        if (status >= IN_TRUCK && freight.truck(at) == end) {
            events.unloaded(parcel, at, end);
            return arrived(parcel, at);
        }
        if (status < IN_TRUCK && freight.truck(at) == status) {
            events.loaded(parcel, at, status);
            return IN_TRUCK + at;
        }
        return status;
    }

    /// Where a truck of a city takes a package.
    private int end(int parcel, int in) {
        return in == city[target[parcel]] ? target[parcel] : airport[in];
    }

    private int arrived(int parcel, int in) {
        return in == city[target[parcel]] ? DONE : byAir(in, 0);
    }

    static int byAir(int city, int holders) {
        return BY_AIR + 8 * city + holders;
    }

    /// The city in whose airport a package by air may lie.
    private static int lies(int status) {
        return (status - BY_AIR) / 8;
    }

    private int byAir(Freight freight, int parcel, int status, Events events) {
        int lies = lies(status);
        int holders = status & 7;
        for (int airplane = 0; airplane < airplanes; airplane++) {
            if (freight.airplane(airplane) == lies && (holders >>> airplane & 1) == 0) {
                events.mayBoard(parcel, airplane, lies);
                holders |= 1 << airplane;
            }
        }
        int home = city[target[parcel]];
        for (int airplane = 0; airplane < airplanes; airplane++) {
            if ((holders >>> airplane & 1) != 0 && freight.airplane(airplane) == home) {
                events.landed(parcel, airplane, home);
                return airport[home];
            }
        }
        return byAir(lies, holders);
    }

    /// The moves that something comes of at once; any other can as well be made later.
    List<Move> moves(Freight freight) {
        int[] stops = new int[airport.length];
        int[] flights = new int[airplanes];
        List<Move> moves = new ArrayList<>();
        for (int parcel = 0; parcel < target.length; parcel++) {
            int status = freight.status(parcel);
            if (status >= BY_AIR) {
                int lies = lies(status);
                for (int airplane = 0; airplane < airplanes; airplane++) {
                    boolean holds = (status >>> airplane & 1) != 0;
                    int wanted = holds ? city[target[parcel]] : lies;
                    flights[airplane] |= wanted == NO_CITY ? 0 : 1 << wanted;
                }
            } else if (status != DONE) {
                int in = status >= IN_TRUCK ? status - IN_TRUCK : city[status];
                stops[in] |= 1 << (status >= IN_TRUCK ? end(parcel, in) : status);
            }
        }
        for (int in = 0; in < airport.length; in++) {
            for (int rest = stops[in]; rest != 0; rest &= rest - 1) {
                moves.add(new Move(false, in, Integer.numberOfTrailingZeros(rest)));
            }
        }
        for (int airplane = 0; airplane < airplanes; airplane++) {
            for (int rest = flights[airplane]; rest != 0; rest &= rest - 1) {
                moves.add(new Move(true, airplane, Integer.numberOfTrailingZeros(rest)));
            }
        }
        return moves;
    }

    /// Where things are after a move, before anything happens by itself.
    Freight after(Freight freight, Move move) {
        return move.flies() ? freight.fly(move.who(), move.where()) : freight.drive(move.who(), move.where());
    }

    /// What the journeys left take at least: to every location where a truck has yet to arrive, and to every city
    /// where an airplane has.
    int estimate(Freight freight, int drive, int fly) {
        int[] stops = new int[airport.length];
        int flights = 0;
        for (int parcel = 0; parcel < target.length; parcel++) {
            int status = freight.status(parcel);
            if (status == DONE) {
                continue;
            }
            int home = city[target[parcel]];
            int from = lies(status);
            if (status < BY_AIR) {
                from = status >= IN_TRUCK ? status - IN_TRUCK : city[status];
                stops[from] |= 1 << end(parcel, from);
                stops[from] |= status < IN_TRUCK ? 1 << status : 0;
            }
            if (from != home) {
                flights |= 1 << home;
                boolean isLeft = status < BY_AIR ? !airplaneIn(freight, from) : status == byAir(from, 0);
                flights |= isLeft ? 1 << from : 0;
                if (target[parcel] != airport[home]) {
                    stops[home] |= 1 << target[parcel];
                    stops[home] |= freight.truck(home) != airport[home] ? 1 << airport[home] : 0;
                }
            }
        }
        int journeys = 0;
        for (int places : stops) {
            journeys += Integer.bitCount(places);
        }
        return drive * journeys + fly * Integer.bitCount(flights);
    }

    private boolean airplaneIn(Freight freight, int in) {
        for (int airplane = 0; airplane < airplanes; airplane++) {
            if (freight.airplane(airplane) == in) {
                return true;
            }
        }
        return false;
    }
}
