namespace HarvestTools.Files;

/// <summary>
/// Reads what another process may move at any moment, as packing, its undoing and the removal of what nothing needs do: a file that was there
/// when it was looked up and is gone when it is opened is somewhere else now, and never nowhere.
/// </summary>
internal static class MovedFile
{
    // Each move is a whole export that somebody writes: nobody meets so many in a row, and what is really gone ends all the same.
    private const int MostLooks = 6;

    /// <summary>Looks a file up and opens it; once more where it was moved in between.</summary>
    /// <param name="open">Looks it up and opens it.</param>
    /// <exception cref="HarvestException">As <paramref name="open"/> throws it at the last look.</exception>
    public static T Open<T>(Func<T> open) => Open(open, FileErrors.IsGone);

    /// <inheritdoc cref="Open{T}(Func{T})"/>
    /// <param name="open">Looks it up and opens it.</param>
    /// <param name="isGone">Which errors say that it is gone.</param>
    public static T Open<T>(Func<T> open, Func<HarvestException, bool> isGone)
    {
        for (int look = 1; look < MostLooks; look++)
        {
            try
            {
                return open();
            }
            catch (HarvestException gone) when (isGone(gone))
            {
                // It is looked up again.
            }
        }

        return open();
    }
}
