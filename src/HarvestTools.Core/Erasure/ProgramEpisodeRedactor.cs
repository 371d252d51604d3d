using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Erasure;

/// <summary>
/// Finds the tasks of an episode in an export of which a team's own program makes rows: those that rows say are of it, and of those
/// without rows the ones whose data has it where the data of the others has theirs. They go whole, since only the program knows which
/// region it reads for which episode. What the standard way of reading episodes finds goes as it does for rules.
/// </summary>
/// <param name="episode">Its name, or <c>task_subdir/episode</c>.</param>
/// <param name="standard">Reads episodes as the definitions of rules do.</param>
/// <param name="episodes">What rows say.</param>
/// <param name="keys">Members of data that have the episode.</param>
internal sealed class ProgramEpisodeRedactor(string episode, ITaskRedactor standard, TaskEpisodes episodes, IReadOnlyCollection<string> keys) : ITaskRedactor
{
    private readonly ExportTask _task = new();
    private readonly string _name = episode[(episode.LastIndexOf('/') + 1)..];
    private RedactionCounts _found = RedactionCounts.None;

    public RedactionCounts Found => _found.Plus(standard.Found);

    public TaskFate Redact(in RawTask task, TextCuts cuts)
    {
        (long? id, List<(string Key, string Text)> data) = TaskEpisodes.Read(task);
        bool? isErased = id is { } known && episodes.Knows(known) ? episodes.IsErased(known) : IsErasedBy(data);
        if (isErased == true)
        {
            cuts.Clear();
            TaskParser.Parse(task, _task, TaskParts.Shapes | TaskParts.Tolerant);
            _found = _found.Plus(new RedactionCounts(1, 1, _task.Labels.Annotations.Count, _task.Extras.Drafts, 0, 0, 0));
            return TaskFate.Goes;
        }

        TaskFate fate = standard.Redact(task, cuts);
        if (isErased is null && fate == TaskFate.Stays)
        {
            _found = _found.Plus(RedactionCounts.None with { Unknown = 1 });
        }

        return fate;
    }

    /// <summary>Whether a task without rows is of the episode; null where that is not known.</summary>
    private bool? IsErasedBy(List<(string Key, string Text)> data)
    {
        // A whole text that is the name is enough where nobody knows which member has it.
        (string Key, string Text)[] said = [.. data.Where(one => keys.Contains(one.Key))];
        if ((said.Length > 0 ? said : data.AsEnumerable()).Any(one => one.Text == episode && !IsNumber(one.Text, said)))
        {
            return true;
        }

        // The folder is not among what the data says, so that another folder's episode of the name looks the same.
        return said.Length == 0 || (_name != episode && said.Any(one => one.Text == _name)) ? null : false;
    }

    private static bool IsNumber(string text, (string Key, string Text)[] said) => said.Length == 0 && text.All(char.IsAsciiDigit);
}
