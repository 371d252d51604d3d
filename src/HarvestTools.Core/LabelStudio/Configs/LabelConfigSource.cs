namespace HarvestTools.LabelStudio.Configs;

/// <summary>One step into a task's data.</summary>
/// <param name="Key">The key, UTF-8, where the value is an object.</param>
/// <param name="Index">The position, from 0, where the value is a list; -1 where the key is no position.</param>
internal readonly record struct LabelConfigStep(byte[] Key, int Index);

/// <summary>
/// Where in a task's data the medium of an object tag is, the position of a repeated tag filled in: the steps in turn, each a
/// key of an object or a position in a list, as the data has it.
/// </summary>
internal readonly struct LabelConfigSource
{
    private readonly byte[] _literal;
    private readonly LabelConfigStep[] _steps;

    public LabelConfigSource(LabelConfigStep[] steps, byte[] literal, bool isList)
    {
        _steps = steps;
        _literal = literal;
        IsList = isList;
    }

    /// <summary>The steps, at least one.</summary>
    public ReadOnlySpan<LabelConfigStep> Steps => _steps;

    /// <summary>
    /// The whole path as one key: data that has such a key itself (<c>"page.url"</c>, as a CSV import makes) is taken there and not
    /// by the steps, as the editor does.
    /// </summary>
    public ReadOnlySpan<byte> LiteralKey => _literal;

    /// <summary>
    /// Whether the tag shows a list (<c>valueList</c>), of which a region's item_index names the entry. A tag with <c>value</c> shows a
    /// list too where the data has one there.
    /// </summary>
    public bool IsList { get; }

    /// <summary><c>pages/3/url</c>.</summary>
    public override string ToString() => string.Join('/', _steps.Select(static step => System.Text.Encoding.UTF8.GetString(step.Key)));
}
