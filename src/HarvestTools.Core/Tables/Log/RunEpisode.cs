using HarvestTools.Strings;

namespace HarvestTools.Tables.Log;

/// <summary>The episode of runs, in one object for all of them that one worker has.</summary>
internal sealed class RunEpisode(Utf8Text taskSubdir, Utf8Text name) : IEquatable<RunEpisode>, IComparable<RunEpisode>
{
    public Utf8Text TaskSubdir { get; } = taskSubdir;

    /// <summary>Absent of rows that belong to no episode.</summary>
    public Utf8Text Name { get; } = name;

    public static bool operator ==(RunEpisode left, RunEpisode right) => left.Equals(right);

    public static bool operator !=(RunEpisode left, RunEpisode right) => !left.Equals(right);

    public static bool operator <(RunEpisode left, RunEpisode right) => left.CompareTo(right) < 0;

    public static bool operator >(RunEpisode left, RunEpisode right) => left.CompareTo(right) > 0;

    public static bool operator <=(RunEpisode left, RunEpisode right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RunEpisode left, RunEpisode right) => left.CompareTo(right) >= 0;

    public bool Has(Utf8Text taskSubdir, Utf8Text name) => Name == name && TaskSubdir == taskSubdir;

    public int CompareTo(RunEpisode? other)
    {
        if (ReferenceEquals(this, other))
        {
            return 0;
        }

        int order = TaskSubdir.CompareTo(other!.TaskSubdir);
        return order != 0 ? order : Name.CompareTo(other.Name);
    }

    public bool Equals(RunEpisode? other) => ReferenceEquals(this, other) || (other is not null && other.Has(TaskSubdir, Name));

    public override bool Equals(object? obj) => Equals(obj as RunEpisode);

    public override int GetHashCode() => HashCode.Combine(TaskSubdir, Name);
}

/// <summary>Keeps one copy of each episode that must outlive the task it came from. For one thread at a time.</summary>
internal sealed class EpisodeInterner
{
    private readonly Dictionary<Utf8Text, Utf8Text> _subdirs = [];
    private HashSet<RunEpisode> _known = [];
    private RunEpisode _last = new(default, default);

    /// <summary>Forgets the episodes; those who have them keep them.</summary>
    public void Clear()
    {
        _known = [];
        _subdirs.Clear();
    }

    public RunEpisode Intern(Utf8Text taskSubdir, Utf8Text name)
    {
        // Neighbouring tasks, and the tables of one task, mostly belong to one episode.
        if (!_last.Has(taskSubdir, name))
        {
            var wanted = new RunEpisode(taskSubdir, name);
            if (!_known.TryGetValue(wanted, out RunEpisode? known))
            {
                known = new RunEpisode(SubdirOf(taskSubdir), Copy(name));
                _known.Add(known);
            }

            _last = known;
        }

        return _last;
    }

    private Utf8Text SubdirOf(Utf8Text text)
    {
        if (text.IsAbsent)
        {
            return default;
        }

        if (!_subdirs.TryGetValue(text, out Utf8Text known))
        {
            known = Copy(text);
            _subdirs.Add(known, known);
        }

        return known;
    }

    private static Utf8Text Copy(Utf8Text text) => text.IsAbsent ? default : new Utf8Text(text.Span.ToArray(), 0, text.Length);
}
