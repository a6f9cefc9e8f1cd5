// conf/automation/js/bmsmain.js: needs the add-on "JavaScript Scripting"
rules.JSRule({
  name: "Tell when the battery is low",
  triggers: [triggers.ItemStateChangeTrigger("House_Soc")],
  execute: () => {
    const soc = items.getItem("House_Soc");
    // numericState is null while the state is NULL or UNDEF
    if (soc.numericState === null) {
      return;
    }
    const percent = soc.quantityState.toUnit("%").float;
    if (percent <= 20) {
      items.getItem("Battery_Message").postUpdate("Battery at " + percent.toFixed(0) + " %, alarm: " + items.getItem("House_Alarm").state);
    }
  }
});

rules.JSRule({
  name: "Tell each fault of the house battery",
  triggers: [triggers.ChannelEventTrigger("bmsmain:serial:house:faults#event")],
  execute: (event) => {
    items.getItem("Battery_Message").postUpdate(event.receivedEvent);
  }
});
