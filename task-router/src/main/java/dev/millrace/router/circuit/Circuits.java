package dev.millrace.router.circuit;

/** The circuits of all providers, as far as this part of the router knows. */
public interface Circuits {

  /** The circuit of a provider; {@link Circuit#NEW} for one that was never heard of. */
  Circuit of(Provider provider);

  void save(Provider provider, Circuit circuit);
}
