using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>
/// A labeling configuration: the XML in a project's settings that says which tag shows which data and which labels each control
/// offers. An export does not have it. Once made it does not change, and any number of threads may ask it.
/// </summary>
internal sealed class LabelConfig
{
    private readonly NameIndex<ObjectTag> _objects;
    private readonly NameIndex<ControlTag> _controls;

    internal LabelConfig(IReadOnlyList<ObjectTag> objects, IReadOnlyList<ControlTag> controls)
    {
        Objects = objects;
        Controls = controls;
        _objects = new NameIndex<ObjectTag>(objects, static tag => tag.Name);
        _controls = new NameIndex<ControlTag>(controls, static tag => tag.Name);
    }

    /// <summary>In the order of the XML.</summary>
    public IReadOnlyList<ObjectTag> Objects { get; }

    /// <summary>In the order of the XML.</summary>
    public IReadOnlyList<ControlTag> Controls { get; }

    /// <param name="xml">The file's bytes, in any encoding that XML allows.</param>
    /// <param name="name">The file's name for messages.</param>
    /// <exception cref="HarvestException">It is no labeling configuration; the message names the line and the column.</exception>
    public static LabelConfig Parse(byte[] xml, string name) => LabelConfigParser.Parse(xml, name);

    /// <summary>Names of the object tags that are not repeated, UTF-8.</summary>
    public IEnumerable<byte[]> FixedObjects => Objects.Where(static tag => tag.Name.IsFixed).Select(static tag => tag.Name.Fixed);

    /// <summary>
    /// Where in the task's data the medium of an object tag is; false where the configuration has no such tag, or does not say it.
    /// </summary>
    /// <param name="toName">A region's <c>to_name</c>, UTF-8.</param>
    /// <param name="source">The place.</param>
    public bool TryFindData(ReadOnlySpan<byte> toName, out LabelConfigSource source)
    {
        LabelConfigSource? found = _objects.Find(toName, out RepeatIndices indices)?.SourceFor(indices);
        source = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>What the configuration says of one label; a taxonomy's label is one step of its path.</summary>
    /// <param name="fromName">A region's <c>from_name</c>, UTF-8.</param>
    /// <param name="label">The label as the export has it, UTF-8.</param>
    public LabelKnowledge Knows(ReadOnlySpan<byte> fromName, ReadOnlySpan<byte> label) =>
        _controls.Find(fromName, out RepeatIndices indices)?.Knows(label, indices) ?? LabelKnowledge.NoSuchControl;

    /// <summary>Tags by their names: fixed ones by a lookup, then repeated ones in the order of the XML.</summary>
    private sealed class NameIndex<T>
        where T : class
    {
        private readonly Utf8Table<Entry> _fixed = new();
        private readonly List<(NameTemplate Name, T Tag)> _repeated = [];

        public NameIndex(IEnumerable<T> tags, Func<T, NameTemplate> nameOf)
        {
            foreach (T tag in tags)
            {
                NameTemplate name = nameOf(tag);
                if (name.IsFixed)
                {
                    _fixed[name.Fixed].Tag ??= tag;
                }
                else
                {
                    _repeated.Add((name, tag));
                }
            }
        }

        public T? Find(ReadOnlySpan<byte> name, out RepeatIndices indices)
        {
            indices = RepeatIndices.None;
            if (_fixed.Find(name)?.Tag is { } tag)
            {
                return tag;
            }

            foreach ((NameTemplate template, T repeated) in _repeated)
            {
                if (template.TryMatch(name, ref indices))
                {
                    return repeated;
                }
            }

            return null;
        }

        private sealed class Entry
        {
            public T? Tag { get; set; }
        }
    }
}
