using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>Step 3 for what is said of a whole medium or task: choices, ratings, numbers, texts and taxonomies that belong to no region.</summary>
/// <param name="rules">In force.</param>
/// <param name="rejections">Receives what is dropped.</param>
/// <param name="items">Of the task at hand.</param>
/// <param name="media">Of the task at hand.</param>
/// <param name="config">The labeling configuration that was archived with the export; null where none was.</param>
/// <param name="arena">Where texts live.</param>
internal sealed class ChoiceFilter(
    HarvestRules rules, Rejections rejections, RegionAttributes items, TaskMedia media, LabelConfig? config, TextArena arena)
{
    private readonly ChosenValue _value = new();

    public void Apply(List<Annotation> annotations, in TaskPlace place, List<Candidate> candidates, Tally tally)
    {
        for (int i = 0; i < items.Count; i++)
        {
            CheckChosen(items.At(i).Region, place, tally);
            if (!items.IsChoice(i))
            {
                continue;
            }

            (int annotation, Region region) = items.At(i);
            Utf8Text value = Value(region, place, out Utf8Text set);
            if (media.IsExcluded(region, rules.Exclude))
            {
                rejections.Add(DropReason.Excluded, annotations[annotation], region, "the episode is left out"u8);
            }
            else if (value.IsAbsent)
            {
                rejections.Add(DropReason.NoLabel, annotations[annotation], region, "nothing is chosen or written"u8);
            }
            else if (!rules.AcceptUntouched && region.Origin.Is("prediction"u8))
            {
                rejections.Add(DropReason.UntouchedPrediction, annotations[annotation], region, "origin=prediction"u8);
            }
            else
            {
                candidates.Add(new Candidate
                {
                    Annotation = annotation,
                    Region = region,
                    Kind = region.Kind,
                    Medium = media.IndexOf(region),

                    // Without a control tag, which only hand-made files lack, the type has to do.
                    Label = region.FromName.IsEmptyOrAbsent ? region.Type : region.FromName,
                    Control = region.FromName,
                    Value = value,
                    ValueSet = set,
                });
            }
        }
    }

    /// <summary>
    /// Counts what was chosen, for a region or for the whole, though the labeling configuration does not offer it. Of a path in a
    /// taxonomy every step is a choice.
    /// </summary>
    private void CheckChosen(Region region, in TaskPlace place, Tally tally)
    {
        if (config is null || !(region.Type.Is("choices"u8) || region.Type.Is("taxonomy"u8)))
        {
            return;
        }

        foreach (Utf8Text chosen in Chosen(region, place))
        {
            if (config.Knows(region.FromName.Span, chosen.Span) is LabelKnowledge.Unknown or LabelKnowledge.NoSuchControl)
            {
                tally.AddUnknownLabel(region.FromName.Span, chosen.Span);
            }
        }
    }

    private IReadOnlyList<Utf8Text> Chosen(Region region, in TaskPlace place)
    {
        try
        {
            return _value.Texts(region, arena);
        }
        catch (CanonicalJsonException e)
        {
            throw RowErrors.AttributeUnusable(place, region.Id.ToString(), e.Message);
        }
    }

    private Utf8Text Value(Region region, in TaskPlace place, out Utf8Text set)
    {
        try
        {
            return _value.Of(region, arena, out set);
        }
        catch (CanonicalJsonException e)
        {
            throw RowErrors.AttributeUnusable(place, region.Id.ToString(), e.Message);
        }
    }
}
