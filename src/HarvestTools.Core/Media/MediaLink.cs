using HarvestTools.Derivation.Fields;

namespace HarvestTools.Media;

/// <summary>
/// The link of a medium in the form in which roots are held against it: with the file that it leads to in plain sight. A link of
/// Label Studio's to another store is that store's link; <c>/data/local-files/?d=…</c> has its percent signs taken out; other
/// addresses and paths lose their query, and are tried as they are written and without percent signs.
/// </summary>
internal static class MediaLink
{
    private static readonly string[] s_served = ["?d=", "?filepath="];

    /// <summary>The forms to try, the likeliest first; at least one.</summary>
    public static IReadOnlyList<string> Forms(string link)
    {
        int query = link.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0 && MayHaveQuery(link))
        {
            string[] parameters = link[(query + 1)..].Split('&');
            if (LinkQuery.Value(parameters, LinkQuery.StorageLink) is { } encoded)
            {
                // A link in a link ends somewhere: what is decoded is shorter each time.
                return LinkQuery.Decode(encoded) is { } stored ? Forms(stored) : [link];
            }

            string? served = s_served.FirstOrDefault(name => LinkQuery.Value(parameters, name[1..]) is not null);
            if (served is not null)
            {
                return [link[..query] + served + Uri.UnescapeDataString(LinkQuery.Value(parameters, served[1..])!)];
            }

            link = link[..query];
        }

        string plain = link.Contains('%', StringComparison.Ordinal) && !IsOfStore(link) ? Uri.UnescapeDataString(link) : link;
        return plain == link ? [link] : [link, plain];
    }

    /// <summary>
    /// Up to where a link would be of a root that somebody adds: <c>/data/local-files/?d=</c>, <c>s3://bucket/</c>, else its folder.
    /// </summary>
    public static string Beginning(string link)
    {
        string form = Forms(link)[0];
        int query = form.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0 && form.IndexOf('=', query) is > 0 and var equals && MayHaveQuery(form))
        {
            return form[..(equals + 1)];
        }

        int scheme = form.IndexOf("://", StringComparison.Ordinal);
        int end = scheme >= 0 ? form.IndexOf('/', scheme + 3) : form.LastIndexOfAny(['/', '\\']);
        return end < 0 ? "" : form.StartsWith("/data/upload/", StringComparison.Ordinal) ? "/data/upload/" : form[..(end + 1)];
    }

    /// <summary>Whether a question mark begins a query: in keys of other stores every character is itself.</summary>
    private static bool MayHaveQuery(string link) => !IsOfStore(link);

    private static bool IsOfStore(string link) =>
        link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("http", StringComparison.OrdinalIgnoreCase);
}
