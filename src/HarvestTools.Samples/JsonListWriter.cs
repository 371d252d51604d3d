using System.Text;

namespace HarvestTools.Samples;

/// <summary>Commas, line breaks and brackets of lists whose items are written one by one.</summary>
internal sealed class JsonListWriter(JsonLayout layout, SampleOutput output)
{
    private readonly byte[][] _breaks =
        [.. Enumerable.Range(0, ExportTemplates.ResultLevel + 2).Select(level => Encoding.UTF8.GetBytes(layout.Break(level)))];

    private readonly byte[] _comma = Encoding.UTF8.GetBytes(layout.Comma);

    /// <summary>What is before an item at <paramref name="level"/>.</summary>
    public void Separate(bool first, int level)
    {
        if (!first)
        {
            output.Write(_comma);
        }

        output.Write(_breaks[level]);
    }

    /// <summary>What is after the last item at <paramref name="level"/>.</summary>
    public void End(bool empty, int level)
    {
        if (!empty)
        {
            output.Write(_breaks[level - 1]);
        }

        output.Write("]"u8);
    }
}
