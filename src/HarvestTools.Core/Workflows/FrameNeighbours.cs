using System.Globalization;
using HarvestTools.Derivation.Fields;

namespace HarvestTools.Workflows;

/// <summary>A medium of a slice that is a few frames from one of an eval set, in the same video.</summary>
/// <param name="Link">The slice's.</param>
/// <param name="Other">The eval set's that is nearest.</param>
/// <param name="Frames">How many frames are between them.</param>
internal sealed record FrameNeighbour(string Link, string Other, long Frames)
{
    /// <summary><c>a/f12.jpg, 3 frames from a/f9.jpg</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Link}, {Frames} {(Frames == 1 ? "frame" : "frames")} from {Other}");
}

/// <summary>
/// Finds images of a slice that are near one of an eval set: paths that differ in the last number of the file's name alone are frames of
/// one video, and the number is the frame.
/// </summary>
internal sealed class FrameNeighbours
{
    private const int DigitsMax = 19;


    private readonly long _within;
    private readonly Dictionary<string, List<(string[] Folders, long Frame, string Link)>> _byName = new(StringComparer.Ordinal);

    /// <param name="links">Links of the slice's media.</param>
    /// <param name="within">How many frames apart is near.</param>
    public FrameNeighbours(IEnumerable<string> links, long within)
    {
        _within = within;
        foreach (string link in links)
        {
            if (TryRead(link) is { } place)
            {
                (_byName.TryGetValue(place.Name, out List<(string[], long, string)>? same) ? same : _byName[place.Name] = []).Add((place.Folders, place.Frame, link));
            }
        }

        foreach (List<(string[] Folders, long Frame, string Link)> same in _byName.Values)
        {
            same.Sort(static (a, b) => a.Frame != b.Frame ? a.Frame.CompareTo(b.Frame) : string.CompareOrdinal(a.Link, b.Link));
        }
    }

    /// <summary>Those of the slice's media that are near one of these, each with the nearest, sorted; the same frame is none.</summary>
    /// <param name="others">Paths or links of the eval set's media.</param>
    public IReadOnlyList<FrameNeighbour> Find(IEnumerable<string> others)
    {
        var nearest = new SortedDictionary<string, FrameNeighbour>(StringComparer.Ordinal);
        foreach (string other in others)
        {
            if (TryRead(other) is not { } place || !_byName.TryGetValue(place.Name, out List<(string[] Folders, long Frame, string Link)>? frames))
            {
                continue;
            }

            for (int i = First(frames, place.Frame - _within); i < frames.Count && frames[i].Frame - place.Frame <= _within; i++)
            {
                (string[] folders, long frame, string link) = frames[i];
                long apart = Math.Abs(frame - place.Frame);
                if (apart > 0 && IsSameFolder(folders, place.Folders) && (!nearest.TryGetValue(link, out FrameNeighbour? known) || apart < known.Frames))
                {
                    nearest[link] = new FrameNeighbour(link, other, apart);
                }
            }
        }

        return [.. nearest.Values];
    }

    private static int First(List<(string[] Folders, long Frame, string Link)> frames, long from)
    {
        (int low, int high) = (0, frames.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = frames[middle].Frame < from ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>One folder is the end of the other, and says which it is.</summary>
    private static bool IsSameFolder(string[] one, string[] other)
    {
        (string[] shorter, string[] longer) = one.Length <= other.Length ? (one, other) : (other, one);
        return longer.AsSpan(longer.Length - shorter.Length).SequenceEqual(shorter)
            && (shorter.Length >= 2 || (shorter.Length == 1 && MediumPaths.SaysWhich(shorter[0])));
    }

    /// <summary>The folders, the file's name with a mark in the place of its last number, and the number; null where it has none.</summary>
    private static (string[] Folders, string Name, long Frame)? TryRead(string link)
    {
        string[] parts = MediumPaths.PartsOf(MediumPaths.FormOf(link));
        if (parts.Length < 2)
        {
            return null;
        }

        string name = parts[^1];

        // The number of a video is no frame: two of them are two recordings.
        if (!MediaPath.IsImage(name))
        {
            return null;
        }

        // The extension may have a digit of its own: .mp4, .jp2.
        int dot = name.LastIndexOf('.');
        int end = name.AsSpan(0, dot < 0 ? name.Length : dot).LastIndexOfAnyInRange('0', '9') + 1;
        int start = end;
        while (start > 0 && char.IsAsciiDigit(name[start - 1]))
        {
            start--;
        }

        return end - start is > 0 and <= DigitsMax && long.TryParse(name.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out long frame)
            ? (parts[..^1], $"{name[..start]}\0{name[end..]}", frame)
            : null;
    }
}
