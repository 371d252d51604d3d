using HarvestTools.Derivation.Fields;
using HarvestTools.Media;

namespace HarvestTools.Workflows;

/// <summary>
/// Finds the media of a slice that a path or link of an eval set leads to: by the same link, or because one of the two paths is the end
/// of the other. What many media have (<c>front/000001.jpg</c>) is none of them.
/// </summary>
internal sealed class MediumPaths
{
    // A name with a letter and a digit in it, such as episode_1, says which one is meant; 1, front and cam1 do not.
    private const int LeastName = 6;

    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string[] Parts, string Link)>> _byFile = new(StringComparer.Ordinal);

    /// <param name="links">Links of the slice's media.</param>
    public MediumPaths(IEnumerable<string> links)
    {
        foreach (string link in links)
        {
            string form = FormOf(link);
            if (_links.TryAdd(form, link))
            {
                string[] parts = PartsOf(form);
                if (parts.Length > 0)
                {
                    (_byFile.TryGetValue(parts[^1], out List<(string[], string)>? same) ? same : _byFile[parts[^1]] = []).Add((parts, link));
                }
            }
        }
    }

    /// <summary>The medium; null where there is none, or it is not known which.</summary>
    /// <param name="path">A link, or a path with <c>/</c>.</param>
    public string? Find(string path)
    {
        string form = FormOf(path);
        string[] parts = PartsOf(form);
        if (_links.TryGetValue(form, out string? same) && (parts.Length > 1 || IsUpload(parts)))
        {
            return same;
        }

        if (parts.Length == 0 || !_byFile.TryGetValue(parts[^1], out List<(string[] Parts, string Link)>? candidates))
        {
            return null;
        }

        string? found = null;
        foreach ((string[] medium, string link) in candidates)
        {
            string[] shorter = medium.Length <= parts.Length ? medium : parts;
            if (IsDistinct(shorter) && EndsAlike(medium, parts, shorter.Length))
            {
                if (found is not null)
                {
                    return null;
                }

                found = link;
            }
        }

        return found;
    }

    internal static string FormOf(string link) => MediaLink.Forms(link)[^1];

    /// <summary>The folders and the file, without what says where the store is.</summary>
    internal static string[] PartsOf(string form)
    {
        int scheme = form.IndexOf("://", StringComparison.Ordinal);
        int served = form.LastIndexOf('=');
        string path = scheme >= 0 ? form[(form.IndexOf('/', scheme + 3) + 1)..]
            : served >= 0 && form.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query && query < served ? form[(served + 1)..]
            : form;
        return [.. path.Split('/', '\\').Where(static part => part is not ("" or "." or ".."))];
    }

    private static bool EndsAlike(string[] one, string[] other, int length) => one.AsSpan(one.Length - length).SequenceEqual(other.AsSpan(other.Length - length));

    private static bool IsUpload(string[] parts) => parts.Length > 0 && LinkQuery.HasUploadPrefix(parts[^1]);

    private static bool IsDistinct(string[] parts) => parts.Length > 2 || IsUpload(parts) || (parts.Length == 2 && parts.Any(static part => SaysWhich(Path.GetFileNameWithoutExtension(part))));

    /// <summary>Whether a name alone says which one is meant: no word and no number.</summary>
    internal static bool SaysWhich(string name) => name.Length >= LeastName && name.Any(char.IsLetter) && name.Any(char.IsDigit);
}
