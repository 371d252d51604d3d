namespace HarvestTools.Repositories;

/// <summary>
/// A part would have to be derived, and its source gives cached ones alone. Nobody outside sees it: who asks for such a source
/// catches it, and says that the figure is not known here.
/// </summary>
internal sealed class PartNotCachedException : Exception;
